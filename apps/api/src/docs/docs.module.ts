import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import { type Route, RouteTable } from '../routes/route-table.js';
import { pageHeaders } from '../security/headers/page-headers.js';
import { DOCS_OPTIONS, type DocsOptions } from './docs.options.js';
import { documentSource } from './openapi-document.js';
import { serveRedoc } from './redoc.js';
import { RootController } from './root.controller.js';
import { serveSwaggerPage } from './swagger-page.js';

/** Routes that bypass Nest's router: the pages, their files, and the document that they show. */
const PAGES: readonly Route[] = [
  '/docs',
  '/docs/:file',
  '/docs/docs/swagger-ui-init.js',
  '/redoc',
  '/redoc/redoc.standalone.js',
  '/openapi.json',
  '/openapi.yaml',
].map((path) => ({ method: 'GET', path, scope: 'open' }));

@Module({})
export class DocsModule implements OnModuleInit {
  private app?: NestExpressApplication;

  static forRoot(options: DocsOptions): DynamicModule {
    return {
      module: DocsModule,
      controllers: [RootController],
      providers: [{ provide: DOCS_OPTIONS, useValue: options }],
      exports: [DOCS_OPTIONS],
    };
  }

  /** Swagger scans the whole application, which Nest cannot inject. */
  attach(app: NestExpressApplication): void {
    this.app = app;
  }

  /**
   * Serves Swagger UI at `/docs`, ReDoc at `/redoc`, and the document they show at `/openapi.json`. Registered last, so
   * that the router checks the prediction routes first.
   */
  onModuleInit(): void {
    if (!this.app) return;
    this.app.get(RouteTable).add(PAGES);
    this.app.use(['/docs', '/redoc'], pageHeaders);
    this.app.use('/docs', nameFile);
    const document = documentSource(this.app);
    const server = this.app.getHttpAdapter().getInstance();
    serveSwaggerPage(server);
    SwaggerModule.setup('docs', this.app, document, {
      jsonDocumentUrl: 'openapi.json',
      yamlDocumentUrl: 'openapi.yaml',
      patchDocumentOnRequest: document,
      swaggerOptions: { tryItOutEnabled: true, displayRequestDuration: true },
    });
    serveRedoc(server);
  }
}

/**
 * Normalizes letter case and a trailing slash, which a file system distinguishes; all files of Swagger UI have
 * lower-case names.
 */
function nameFile(request: Request, _response: Response, next: NextFunction): void {
  request.url = request.url.toLowerCase().replace(/(?!^)\/(?=$|\?)/, '');
  next();
}
