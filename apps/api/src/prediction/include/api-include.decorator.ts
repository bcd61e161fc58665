import { ApiQuery } from '@nestjs/swagger';
import { INCLUDABLE } from './include.js';

/** Documents `?include=`. */
export const ApiInclude = (): MethodDecorator =>
  ApiQuery({
    name: 'include',
    required: false,
    description: 'Optional parts of the answer, separated by commas',
    style: 'form',
    explode: false,
    schema: { type: 'array', items: { type: 'string', enum: [...INCLUDABLE] } },
  });
