/**
 * What links a module of kernels to a memory; compiled when first asked, as few processes need all.
 *
 * @param compiled in base64
 */
export function linker<Kernels>(compiled: string): (memory: WebAssembly.Memory) => Kernels {
  let module: WebAssembly.Module | undefined;
  return (memory) => {
    module ??= new WebAssembly.Module(Buffer.from(compiled, 'base64'));
    return new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels;
  };
}
