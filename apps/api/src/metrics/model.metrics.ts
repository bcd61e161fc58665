import { Gauge, type Registry } from 'prom-client';
import type { ModelRegistry } from '#registry';

/** Shows which models serve, as they are when asked for. */
export function showModels(registry: Registry, models: ModelRegistry): void {
  new Gauge({
    name: 'skewless_model_info',
    help: 'Always 1: the version that a model serves with; digest is the SHA-256 of its model.onnx',
    labelNames: ['name', 'version', 'alias', 'digest'],
    aggregator: 'max',
    registers: [registry],
    collect() {
      this.reset();
      if (models.state.status !== 'ready') return;
      const { name, version, files } = models.state.model.manifest;
      this.set({ name, version, alias: 'champion', digest: files['model.onnx'].sha256 }, 1);
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
      const { state } = models;
      if (state.status === 'ready') this.set({ name: state.model.manifest.name }, 1);
      else this.set({ name: '' }, 0);
    },
  });
}
