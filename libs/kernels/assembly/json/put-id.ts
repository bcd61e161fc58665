/** Where an id's digits are before dashes come between. */
const DIGITS: usize = 16;
const DASH: u32 = 0x2d;

/** Digits of 16 halves of bytes. */
// @ts-ignore: for the compiler of AssemblyScript
@inline
function digitsOf(halves: v128): v128 {
  const hex = i8x16(0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66);
  return i8x16.swizzle(hex, halves);
}

/** Writes the 16 bytes of an id as text, with dashes. */
// @ts-ignore: for the compiler of AssemblyScript
@inline
export function putId(at: usize, id: usize): usize {
  const bytes = v128.load(id);
  const high = i8x16.shr_u(bytes, 4);
  const low = v128.and(bytes, i8x16.splat(15));
  const first = i8x16.shuffle(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const second = i8x16.shuffle(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  v128.store(DIGITS, digitsOf(first));
  v128.store(DIGITS, digitsOf(second), 16);
  store<u64>(at, load<u64>(DIGITS));
  store<u8>(at, DASH, 8);
  store<u32>(at, load<u32>(DIGITS, 8), 9);
  store<u8>(at, DASH, 13);
  store<u32>(at, load<u32>(DIGITS, 12), 14);
  store<u8>(at, DASH, 18);
  store<u32>(at, load<u32>(DIGITS, 16), 19);
  store<u8>(at, DASH, 23);
  store<u64>(at, load<u64>(DIGITS, 20), 24);
  store<u32>(at, load<u32>(DIGITS, 28), 32);
  return at + 36;
}
