import { applyDecorators, Controller, Get, Inject, Logger, Param, Query, Req, Res, type Type } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiExtraModels, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { ChildTaskError } from '#kit';
import type { PageTask } from '#monitoring';
import { ModelRegistry } from '#registry';
import type { ApiRequest, ApiResponse } from '../../http/http.types.js';
import { ApiModelParam } from '../../models/api-model-params.decorator.js';
import { ApiProblems } from '../../problem/api-problems.decorator.js';
import { Problem } from '../../problem/problem.js';
import { ForBrowsers, Scoped } from '../../routes/route-decorators.js';
import { MonitorColumnReportDto, MonitorModelReportDto, MonitorReportsDto } from './monitor-page.dto.js';
import { PageSource } from './page-source.js';
import { readPageQuery } from './page-query.js';
import { REFRESH_SCRIPT } from './refresh-script.js';

const TYPES = {
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
};
const TEXT = { schema: { type: 'string' } } as const;

/** Content Security Policy: only the page's own script and style, nothing from other origins, no embedding in frames. */
const policy = (style: string): string =>
  `default-src 'none'; script-src 'self'; style-src ${style}; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** Documents a page and its JSON and CSV formats. */
const ApiPage = (summary: string, type: Type): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary }),
    ApiQuery({ name: 'window', required: false, enum: ['1h', '1d', '7d', '28d'], description: 'Default: 1d' }),
    ApiQuery({ name: 'format', required: false, enum: ['html', 'json', 'csv'], description: 'Default: html' }),
    ApiQuery({
      name: 'to',
      required: false,
      description: 'End of the window, in UTC; default: the newest window with rows',
      schema: { type: 'string', format: 'date-time' },
    }),
    ApiExtraModels(type),
    ApiOkResponse({
      description: 'The page, or its data',
      headers: { ETag: { description: 'Changes with the data', schema: { type: 'string' } } },
      content: {
        'text/html': TEXT,
        'application/json': { schema: { $ref: `#/components/schemas/${type.name.replace(/Dto$/, '')}` } },
        'text/csv': TEXT,
      },
    }),
    ApiProblems(404, 503),
  );

/** Pages of monitoring, and the same content as JSON and CSV. */
@ApiTags('monitoring')
@Controller('monitor')
@Scoped('read')
@ForBrowsers(true)
export class MonitorPageController {
  private readonly logger = new Logger(MonitorPageController.name);

  constructor(
    @Inject(ModelRegistry) private readonly registry: ModelRegistry,
    @Inject(PageSource) private readonly source: PageSource,
  ) {}

  @Get()
  @ApiPage('All models, one line each, with open alarms', MonitorReportsDto)
  async getMonitor(
    @Query() query: Record<string, unknown>,
    @Req() request: ApiRequest,
    @Res() response: ApiResponse,
  ): Promise<void> {
    const names = new Set(this.registry.list().map(({ name }) => name));
    await this.send(query, request, response, { names: [...names].sort(), isList: true });
  }

  @Get('assets/refresh.js')
  @Scoped('open')
  @ApiExcludeEndpoint()
  getScript(@Res() response: ApiResponse): void {
    response.setHeader('Cache-Control', 'max-age=3600');
    response.sendWhole(200, 'text/javascript; charset=utf-8', REFRESH_SCRIPT);
  }

  @Get(':model')
  @ApiModelParam()
  @ApiPage(
    'The champion of a model: open alarms, since when, which columns, and the effect on quality',
    MonitorModelReportDto,
  )
  async getModelMonitor(
    @Param('model') name: string,
    @Query() query: Record<string, unknown>,
    @Req() request: ApiRequest,
    @Res() response: ApiResponse,
  ): Promise<void> {
    await this.send(query, request, response, { names: [name], isList: false });
  }

  @Get(':model/columns/:column')
  @ApiModelParam()
  @ApiPage('A column: the distribution of its rows, and all tests', MonitorColumnReportDto)
  async getColumnMonitor(
    @Param('model') name: string,
    @Param('column') column: string,
    @Query() query: Record<string, unknown>,
    @Req() request: ApiRequest,
    @Res() response: ApiResponse,
  ): Promise<void> {
    await this.send(query, request, response, { names: [name], isList: false, column });
  }

  private async send(
    query: Record<string, unknown>,
    request: ApiRequest,
    response: ApiResponse,
    { names, isList, column }: Pick<PageTask, 'isList' | 'column'> & { readonly names: readonly string[] },
  ): Promise<void> {
    const { scale, format, to } = readPageQuery(query);
    const task = { scale, format, to, isList, column, now: Date.now(), isServed: true };
    const page = await this.source.page(names, task).catch((error: Error) => {
      if (!(error instanceof ChildTaskError)) throw error;
      this.logger.warn(`A page of the monitor ${error.message}${error.output ? `: ${error.output}` : ''}`);
      const detail =
        'The page could not be built, because the store of predictions (monitor.store) does not answer; retry.';
      throw new Problem('store-unavailable', detail, {}, { 'Retry-After': '10' });
    });
    if (!page) {
      throw new Problem(
        'not-found',
        `The model ${names[0]} has no column "${column}"; /monitor/${names[0]} lists them.`,
      );
    }
    response.setHeader('ETag', page.etag);
    response.setHeader('Cache-Control', 'no-cache');
    if (format === 'html') response.setHeader('Content-Security-Policy', policy(page.style));
    if (request.headers['if-none-match'] === page.etag) {
      response.statusCode = 304;
      response.end();
      return;
    }
    response.setHeader('Content-Type', TYPES[format]);
    response.end(page.text);
  }
}
