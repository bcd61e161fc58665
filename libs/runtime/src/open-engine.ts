import { chooseEngine } from './choose-engine.js';
import type { Engine } from './engine.js';
import { OnnxSession } from './onnx-session.js';
import { PROBABILITY_TOLERANCE, VALUE_TOLERANCE } from './parity.js';

/**
 * Opens the engine of a model that has no bundle yet: a kernel that reproduces ONNX Runtime, or ONNX Runtime itself.
 *
 * @throws Error as {@link OnnxSession.open}
 */
export async function openEngine(model: Uint8Array): Promise<Engine> {
  const session = await OnnxSession.open(model, 1);
  const tolerance = session.classes > 0 ? PROBABILITY_TOLERANCE : VALUE_TOLERANCE;
  const { kernel } = await chooseEngine({ model, session, golden: [], tolerance, threads: 1 }, 'auto');
  if (!kernel) return session;
  await session.release();
  return kernel;
}
