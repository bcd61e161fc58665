/** What is used of it; TypeScript has it in its types of browsers only. */
declare namespace WebAssembly {
  class Memory<Shared extends boolean = boolean> {
    constructor(descriptor: { initial: number; maximum?: number; shared?: Shared });
    readonly buffer: Shared extends true ? SharedArrayBuffer : ArrayBuffer;
    grow(pages: number): number;
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, Memory>>);
    readonly exports: unknown;
  }
}
