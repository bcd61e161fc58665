import { Gauge, type Registry } from 'prom-client';
import type { ModelRegistry } from '#registry';

/** Exports which models serve at the time of collection. */
export function showModels(registry: Registry, models: ModelRegistry): void {
  new Gauge({
    name: 'skewless_model_info',
    help: 'Always 1, for each version that is loaded; digest is the SHA-256 of its model.onnx',
    labelNames: ['name', 'version', 'alias', 'digest'],
    aggregator: 'max',
    registers: [registry],
    collect() {
      this.reset();
      for (const { name, version, aliases, state } of models.list()) {
        if (state.status !== 'ready') continue;
        const { sha256: digest } = state.model.manifest.files['model.onnx'];
        for (const alias of aliases.length > 0 ? aliases : ['']) this.set({ name, version, alias, digest }, 1);
      }
    },
  });
  new Gauge({
    name: 'skewless_model_engine',
    help: 'Always 1, for each version that is loaded; engine is kernel or onnxruntime',
    labelNames: ['name', 'version', 'engine'],
    aggregator: 'max',
    registers: [registry],
    collect() {
      this.reset();
      for (const { name, version, state } of models.list()) {
        if (state.status === 'ready') this.set({ name, version, engine: state.model.choice.engine }, 1);
      }
    },
  });
  new Gauge({
    name: 'skewless_model_ready',
    help: '1 when a proven version of the model serves, else 0',
    labelNames: ['name'],
    aggregator: 'min',
    registers: [registry],
    collect() {
      this.reset();
      for (const [name, isReady] of models.readiness) this.set({ name }, Number(isReady));
    },
  });
}
