import { ModelNotReadyError, NoDefaultModelError } from '#bundle';
import type { LoadedModel } from '#runtime';

/** Whether the default model can serve, and if not, why. */
export type ModelState =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly model: LoadedModel; readonly failure?: string }
  | { readonly status: 'failed'; readonly failure: string }
  /** There are several models and no default: each serves under its name. */
  | { readonly status: 'undecided'; readonly models: readonly string[] };

/** The model that answers requests without a model name. */
export class DefaultModel {
  private current: ModelState = { status: 'loading' };

  get state(): ModelState {
    return this.current;
  }

  /**
   * @throws ModelNotReadyError with the reason while there is none
   * @throws NoDefaultModelError when none of several is the default one
   */
  get model(): LoadedModel {
    if (this.current.status === 'ready') return this.current.model;
    if (this.current.status === 'undecided') throw new NoDefaultModelError(this.current.models);
    throw new ModelNotReadyError(
      this.current.status === 'loading' ? 'The model is being loaded' : this.current.failure,
    );
  }

  is(model: LoadedModel | undefined): boolean {
    return this.current.status === 'ready' && this.current.model === model;
  }

  /**
   * Sets the state.
   *
   * @param keepBefore without a new model, the previous one keeps serving
   * @returns whether anything has changed
   */
  publish(model: LoadedModel | undefined, failure: string | undefined, keepBefore = true): boolean {
    const before = this.current;
    const serving = model ?? (keepBefore && before.status === 'ready' ? before.model : undefined);
    const [served, reason] =
      before.status === 'ready' ? [before.model, before.failure] : [undefined, 'failure' in before && before.failure];
    if (before.status !== 'loading' && serving === served && failure === reason) return false;
    this.current = serving
      ? { status: 'ready', model: serving, ...(failure !== undefined && { failure }) }
      : { status: 'failed', failure: failure! };
    return true;
  }

  /**
   * Sets the state to: none of these is the default. A previous default keeps serving.
   *
   * @returns whether anything has changed
   */
  publishUndecided(models: readonly string[]): boolean {
    const before = this.current;
    if (before.status === 'ready') return this.publish(undefined, new NoDefaultModelError(models).message);
    if (before.status === 'undecided' && before.models.join() === models.join()) return false;
    this.current = { status: 'undecided', models };
    return true;
  }
}
