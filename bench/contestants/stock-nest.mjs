import 'reflect-metadata';
import { Body, Controller, Get, HttpCode, Injectable, Module, Post, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Type } from 'class-transformer';
import { ArrayMinSize, IsArray, IsInt, IsNumber, Max, Min, ValidateNested } from 'class-validator';
import { labelOf, MODEL_VERSION, probabilities, rounded } from './model.mjs';

// Nest as its documentation teaches it: Express, the global ValidationPipe, DTOs, one run per request.

class PredictDto {}
decorateField(PredictDto, 'feature_1', Number, IsNumber());
decorateField(PredictDto, 'feature_2', Number, IsNumber());
decorateField(PredictDto, 'feature_3', Number, IsNumber());
decorateField(PredictDto, 'feature_4', Number, IsNumber(), Min(0), Max(100));
decorateField(PredictDto, 'feature_5', Number, IsInt(), Min(1), Max(10));

class BatchDto {}
const eachRow = [ValidateNested({ each: true }), Type(() => PredictDto)];
decorateField(BatchDto, 'instances', Array, IsArray(), ArrayMinSize(1), ...eachRow);

class PredictionService {
  async predict(instances) {
    const timestamp = new Date().toISOString();
    return Array.from(await probabilities(instances), (probability) => ({
      prediction: labelOf(probability),
      probability: rounded(probability),
      model_version: MODEL_VERSION,
      timestamp,
    }));
  }
}
decorateClass(PredictionService, [], Injectable());

class PredictionController {
  constructor(service) {
    this.service = service;
  }

  async predict(instance) {
    const [prediction] = await this.service.predict([instance]);
    return prediction;
  }

  async predictBatch({ instances }) {
    return { predictions: await this.service.predict(instances), count: instances.length };
  }

  ready() {
    return {};
  }
}
decorateClass(PredictionController, [PredictionService], Controller());
decorateMethod(PredictionController, 'predict', [PredictDto], Post('predict'), HttpCode(200));
decorateMethod(PredictionController, 'predictBatch', [BatchDto], Post('predict/batch'), HttpCode(200));
decorateMethod(PredictionController, 'ready', [], Get('health/ready'));

class AppModule {}
decorateClass(AppModule, [], Module({ controllers: [PredictionController], providers: [PredictionService] }));

// What the TypeScript compiler makes of `@decorator` with emitDecoratorMetadata.

function decorateClass(target, parameterTypes, ...decorators) {
  Reflect.defineMetadata('design:paramtypes', parameterTypes, target);
  Reflect.decorate(decorators, target);
}

function decorateField({ prototype }, name, type, ...decorators) {
  Reflect.defineMetadata('design:type', type, prototype, name);
  Reflect.decorate(decorators, prototype, name);
}

function decorateMethod({ prototype }, name, bodyTypes, ...decorators) {
  Reflect.defineMetadata('design:paramtypes', bodyTypes, prototype, name);
  bodyTypes.forEach((_, index) => Body()(prototype, name, index));
  Reflect.decorate(decorators, prototype, name, Object.getOwnPropertyDescriptor(prototype, name));
}

const app = await NestFactory.create(AppModule, { logger: false });
app.useBodyParser('json', { limit: '32mb' });
app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
await app.listen(Number(process.env.PORT), '127.0.0.1');
