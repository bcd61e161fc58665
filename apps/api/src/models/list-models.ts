import type { ListedVersion } from '#registry';
import type { ListedVersionDto, ModelListDto } from './model-list.dto.js';

/** Groups versions by model. */
export function listModels(versions: readonly ListedVersion[]): ModelListDto {
  const models = new Map<string, ListedVersionDto[]>();
  for (const { name, version, aliases, state } of versions) {
    const reason = state.status === 'failed' ? state.failure : null;
    const own = models.get(name) ?? [];
    models.set(name, [...own, { version, aliases, status: state.status, reason }]);
  }
  return { models: [...models].map(([name, own]) => ({ name, versions: own })) };
}
