import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const runtimes = 'node_modules/onnxruntime-node/bin/napi-v6';

/** Removes ONNX Runtime's libraries for other platforms, which its package contains: 240 MB. */
export function keepOwnRuntime() {
  const { platform, arch } = process;
  const unused = [
    ...readdirSync(runtimes).filter((name) => name !== platform),
    ...readdirSync(join(runtimes, platform))
      .filter((name) => name !== arch)
      .map((name) => join(platform, name)),
  ];
  for (const name of unused) rmSync(join(runtimes, name), { recursive: true });
}
