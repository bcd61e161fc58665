import type { StepInPlace, Substitutes } from './bind-steps.js';
import type { KnownColumns } from './check-pipeline.js';
import { columnAfter } from './column-after.js';
import type { RawSchema } from '#schema';
import { definitionOf, type FittedStep } from './steps/index.js';
import type { ColumnLookup } from './steps/step.js';
import type { Target } from './target.js';

/** The columns of the fitting rows after the steps added so far. */
export class TrainingColumns {
  private readonly steps: FittedStep[] = [];
  private readonly crossFitted = new Map<FittedStep, readonly Float64Array[]>();

  constructor(
    private readonly inputs: RawSchema,
    private readonly columns: readonly Float64Array[],
    private readonly target: Target | undefined,
  ) {}

  add(step: FittedStep): void {
    this.steps.push(step);
  }

  /**
   * Returns whole columns.
   *
   * @param known where these steps were tracked
   * @param count after how many of the steps
   */
  after(known: KnownColumns, count = this.steps.length): ColumnLookup {
    const steps = this.steps.slice(0, count).map((step, i): StepInPlace => ({ step, contentOf: known.contents[i] }));
    return (name) => columnAfter(steps, name, this.inputs, this.columns, this.substitutes(known));
  }

  /** The cross-fitted outputs of steps that learnt from the target; computed at first use. */
  substitutes(known: KnownColumns): Substitutes {
    return (step) => {
      const definition = definitionOf(step.kind);
      if (!definition.crossFit) return undefined;
      const done = this.crossFitted.get(step);
      if (done) return done;
      const place = this.steps.indexOf(step);
      const context = { contentOf: known.contents[place], target: this.target };
      const columns = definition.crossFit(step, this.after(known, place), this.columns[0].length, context);
      this.crossFitted.set(step, columns);
      return columns;
    };
  }
}
