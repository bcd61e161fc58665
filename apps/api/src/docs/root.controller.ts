import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../problem/api-problems.decorator.js';
import { Scoped } from '../routes/route-decorators.js';
import { DOCS_OPTIONS, type DocsOptions } from './docs.options.js';
import { ENDPOINTS, RootDto } from './root.dto.js';

@ApiTags('docs')
@Controller()
@Scoped('open')
export class RootController {
  constructor(@Inject(DOCS_OPTIONS) private readonly options: DocsOptions) {}

  @Get()
  @ApiOperation({ summary: 'Name, version and links' })
  @ApiOkResponse({ type: RootDto, description: 'Links' })
  @ApiProblems()
  getRoot(): RootDto {
    return {
      name: 'Skewless',
      message: 'ML Model Serving API',
      version: this.options.version,
      docs: '/docs',
      health: '/health',
      endpoints: ENDPOINTS,
    };
  }
}
