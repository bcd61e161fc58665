import { Injectable, Module } from '@nestjs/common';
import { RegistryModule } from '#registry';
import { ScoringController } from './scoring.controller.js';

/** Stands for whatever knows your settings, such as `@nestjs/config`. */
@Injectable()
class Settings {
  readonly models = process.env['MODELS'] ?? 'models';
}

@Module({ providers: [Settings], exports: [Settings] })
class SettingsModule {}

/** With options that another provider knows. */
@Module({
  imports: [
    RegistryModule.forRootAsync({
      imports: [SettingsModule],
      inject: [Settings],
      useFactory: ({ models }: Settings) => ({
        directory: models,
        defaultModel: 'random_forest',
        threads: 1,
        maxPendingRows: 10_000,
        watchSeconds: 5,
      }),
    }),
  ],
  controllers: [ScoringController],
})
export class AsyncAppModule {}
