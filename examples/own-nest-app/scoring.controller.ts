import { BadRequestException, Body, Controller, HttpCode, Inject, type OnModuleInit, Post } from '@nestjs/common';
import { ModelRegistry } from '#registry';

/** A route of your own that asks the default model. */
@Controller()
export class ScoringController implements OnModuleInit {
  constructor(@Inject(ModelRegistry) private readonly registry: ModelRegistry) {}

  /** The app listens once its models are proven. */
  async onModuleInit(): Promise<void> {
    await this.registry.load();
  }

  @Post('score')
  @HttpCode(200)
  async score(@Body() row: Readonly<Record<string, unknown>>): Promise<object> {
    // Whatever is promoted meanwhile, this version answers until it is released.
    const lease = this.registry.leaseServed();
    try {
      const { inputs, manifest } = lease.model;
      const values = inputs.map(({ name }) => {
        const value = row[name];
        if (typeof value !== 'number') throw new BadRequestException(`${name} must be a number`);
        return value;
      });
      const { label, probability } = await lease.model.predict(values);
      return { label, probability: Number(probability.toFixed(6)), model: `${manifest.name}/${manifest.version}` };
    } finally {
      lease.release();
    }
  }
}
