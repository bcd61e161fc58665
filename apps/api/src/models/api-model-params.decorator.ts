import { ApiParam } from '@nestjs/swagger';

/** Documents the name of a model in a path. */
export const ApiModelParam = (): MethodDecorator =>
  ApiParam({ name: 'model', description: 'Name of a model; GET /models lists them', schema: { type: 'string' } });

/** Documents a version in a path. */
export const ApiVersionParam = (): MethodDecorator =>
  ApiParam({
    name: 'version',
    description: 'A version, or an alias: champion, challenger',
    schema: { type: 'string' },
    example: 'champion',
  });
