import { Module } from '@nestjs/common';
import { RegistryModule } from '#registry';
import { ScoringController } from './scoring.controller.js';

/** With options that are known beforehand. */
@Module({
  imports: [
    RegistryModule.forRoot({ directory: 'models', defaultModel: 'random_forest', threads: 1, maxPendingRows: 10_000 }),
  ],
  controllers: [ScoringController],
})
export class AppModule {}
