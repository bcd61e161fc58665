import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { ApiModelParam, ApiVersionParam } from '../../models/api-model-params.decorator.js';
import { InferenceErrorDto } from './inference.dto.js';

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'The request or one of its tensors is wrong',
  404: 'Model or version not found',
  409: 'The version is not loaded, or there are several workers',
  413: 'The body is too large',
  415: 'The compression of the body is not supported',
  503: 'The model cannot answer now',
};

/** Documents the error answers of a route. */
export function ApiInferenceErrors(...statuses: number[]): MethodDecorator {
  return applyDecorators(
    ...statuses.map((status) => ApiResponse({ status, type: InferenceErrorDto, description: DESCRIPTIONS[status] })),
  );
}

/** Documents a route of one model, whether its path names a version or not. */
export function ApiModelRoute(summary: string): MethodDecorator {
  return applyDecorators(ApiOperation({ summary }), ApiModelParam(), ApiVersionParam(), ApiInferenceErrors(400, 404));
}
