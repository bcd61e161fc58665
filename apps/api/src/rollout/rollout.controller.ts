import { Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { BundleError, listModelNames } from '#bundle';
import { BusyError, storageFailure, UserError } from '#kit';
import { ModelRegistry } from '#registry';
import {
  FileQueue,
  FROM_SOURCE,
  ROLLOUT_ACTIONS,
  RolloutInProgressError,
  Rollouts,
  RolloutStateError,
  rolloutStatus,
  startAsSet,
  startRollout,
} from '#renewal';
import type { ApiRequest, ApiResponse as Answer } from '../http/http.types.js';
import { readParts } from '../http/read-body.js';
import { ApiModelParam } from '../models/api-model-params.decorator.js';
import { ApiProblems } from '../problem/api-problems.decorator.js';
import { Problem } from '../problem/problem.js';
import { Scoped } from '../routes/route-decorators.js';
import { readFields, type FieldRule, TEXT } from './read-fields.js';
import { REASON_BODY, RenewalJobDto, RolloutDto, START_BODY } from './rollout.dto.js';
import { ROLLOUT_OPTIONS, type RolloutOptions } from './rollout.options.js';

interface Start {
  readonly version: string;
  readonly steps: readonly number[];
  readonly mode: 'manual' | 'auto';
  readonly reason: string;
}

const START_RULES: Readonly<Record<keyof Start, FieldRule>> = {
  version: ['a version, or an alias', (value) => typeof value === 'string' && /^[\w.-]{1,64}$/.test(value)],
  steps: [
    'a list of up to 100 numbers, in percent',
    (value) => Array.isArray(value) && value.length <= 100 && value.every(Number.isFinite),
  ],
  mode: ['manual or auto', (value) => value === 'manual' || value === 'auto'],
  reason: TEXT,
};

/** Translates errors that the caller caused into problems. */
function asProblem(error: unknown): unknown {
  if (error instanceof RolloutInProgressError || error instanceof BusyError) {
    return new Problem('rollout-in-progress', error.message);
  }
  if (error instanceof RolloutStateError) return new Problem('wrong-rollout-state', error.message);
  const refusal = storageFailure(error);
  if (refusal) return new Problem('store-unavailable', refusal, {}, { 'Retry-After': '10' });
  return error instanceof UserError || error instanceof BundleError
    ? new Problem('invalid-input', error.message, { errors: [] })
    : error;
}

function withProblems<T>(work: () => Promise<T>): Promise<T> {
  return work().catch((error: unknown) => {
    throw asProblem(error);
  });
}

/** Rollouts and renewals, for administrators; the routes do not exist without keys. */
@ApiTags('rollout')
@Controller('models/:model')
@Scoped('admin')
export class RolloutController {
  private readonly queue: FileQueue;
  private readonly rollouts: Rollouts;

  constructor(
    @Inject(ModelRegistry) private readonly registry: ModelRegistry,
    @Inject(ROLLOUT_OPTIONS) private readonly options: RolloutOptions,
  ) {
    this.queue = new FileQueue(options.renewal.jobs);
    this.rollouts = new Rollouts(options.models.directory);
  }

  @Get('rollout')
  @ApiModelParam()
  @ApiOperation({ summary: 'The state of the renewal of a model' })
  @ApiOkResponse({ type: RolloutDto })
  @ApiProblems(404, 503)
  async getRollout(@Param('model') model: string): Promise<RolloutDto> {
    await this.checkKnown(model);
    return this.status(model);
  }

  @Post('rollout')
  @HttpCode(202)
  @ApiModelParam()
  @ApiOperation({ summary: 'Start the rollout of a version: shadow, canary, promoted, watch' })
  @ApiBody(START_BODY)
  @ApiResponse({ status: 202, type: RolloutDto, description: 'It has started' })
  @ApiProblems(404, 409, 413, 422, 503)
  async startRollout(@Req() request: ApiRequest, @Param('model') model: string): Promise<RolloutDto> {
    await this.checkKnown(model);
    const { renewalOf, models } = this.options;
    const {
      version = 'challenger',
      reason = this.by(request),
      ...given
    } = await this.fields<Start>(request, START_RULES);
    this.checkShared();
    await this.change(async () =>
      startRollout(models, model, { ...startAsSet(renewalOf(model)), ...given, version }, reason),
    );
    return this.status(model);
  }

  @Post('rollout/:action')
  @HttpCode(200)
  @ApiModelParam()
  @ApiParam({ name: 'action', enum: ROLLOUT_ACTIONS })
  @ApiOperation({ summary: 'Pause, resume or end a rollout' })
  @ApiBody(REASON_BODY)
  @ApiOkResponse({ type: RolloutDto })
  @ApiProblems(404, 409, 413, 422, 503)
  async actOnRollout(
    @Req() request: ApiRequest,
    @Param('model') model: string,
    @Param('action') action: string,
  ): Promise<RolloutDto> {
    const kind = ROLLOUT_ACTIONS.find((one) => one === action);
    if (!kind) {
      throw new Problem(
        'not-found',
        `The action must be one of ${ROLLOUT_ACTIONS.join(', ')}; received ${JSON.stringify(action)}.`,
      );
    }
    await this.checkKnown(model);
    const { reason = this.by(request) } = await this.fields<{ reason: string }>(request, { reason: TEXT });
    this.checkShared();
    const { state } = await this.status(model);
    if (kind === 'abort' && (state === 'queued' || state === 'training'))
      await withProblems(() => this.queue.cancel(model));
    else await this.change(() => this.rollouts.step(model, { kind }, { reason }));
    return this.status(model);
  }

  @Post('renew')
  @ApiModelParam()
  @ApiOperation({ summary: 'Queue a retraining and rollout of a model' })
  @ApiBody(REASON_BODY)
  @ApiResponse({ status: 202, type: RenewalJobDto, description: 'A job for a worker' })
  @ApiOkResponse({ type: RenewalJobDto, description: 'The job that is already queued or running' })
  @ApiProblems(404, 413, 422, 503)
  async renew(
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Answer,
    @Param('model') model: string,
  ): Promise<RenewalJobDto> {
    await this.checkKnown(model);
    const { reason = this.by(request) } = await this.fields<{ reason: string }>(request, { reason: TEXT });
    const { job, isNew } = await withProblems(() => this.queue.add(model, { kind: 'hand', reason }));
    response.status(isNew ? 202 : 200);
    return { job: job.id };
  }

  /**
   * A model answers for its rollout even while none of its versions can serve.
   *
   * @throws ModelNotFoundError, ModelNotReadyError if it does not exist, or is not known to exist yet
   */
  private async checkKnown(model: string): Promise<void> {
    const { directory, source } = this.options.models;
    const names = source === undefined ? await listModelNames(directory).catch((): string[] => []) : [];
    if (!names.includes(model)) this.registry.find(model);
  }

  private status(model: string): Promise<RolloutDto> {
    return withProblems(() => rolloutStatus(this.options.models.directory, model, this.queue));
  }

  /** This process follows at once, the others at their next poll. */
  private async change(work: () => Promise<unknown>): Promise<void> {
    await withProblems(work);
    await this.registry.load();
  }

  private async fields<T extends object>(
    request: ApiRequest,
    rules: Readonly<Record<keyof T & string, FieldRule>>,
  ): Promise<Partial<T>> {
    return readFields<T>(await readParts(request, this.options.bodyLimitBytes), rules);
  }

  /** @throws Problem if models come from other sources, where nobody would read what is written here */
  private checkShared(): void {
    if (this.options.models.source === undefined) return;
    throw new Problem('invalid-input', FROM_SOURCE, { errors: [] });
  }

  private by({ caller }: ApiRequest): string {
    return caller === undefined ? 'by hand' : `by ${caller}`;
  }
}
