import { type DynamicModule, Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import { DOCS_OPTIONS, type DocsOptions } from './docs.options.js';
import { documentSource } from './openapi-document.js';
import { serveRedoc } from './redoc.js';
import { RootController } from './root.controller.js';

@Module({})
export class DocsModule {
  static forRoot(options: DocsOptions): DynamicModule {
    return {
      module: DocsModule,
      controllers: [RootController],
      providers: [{ provide: DOCS_OPTIONS, useValue: options }],
      exports: [DOCS_OPTIONS],
    };
  }

  /** Serves Swagger UI at `/docs`, ReDoc at `/redoc`, and the document they show at `/openapi.json`. */
  static serve(app: NestExpressApplication): void {
    const document = documentSource(app);
    SwaggerModule.setup('docs', app, document, {
      customSiteTitle: 'Skewless API',
      jsonDocumentUrl: 'openapi.json',
      yamlDocumentUrl: 'openapi.yaml',
      patchDocumentOnRequest: document,
      swaggerOptions: { tryItOutEnabled: true, displayRequestDuration: true },
    });
    serveRedoc(app.getHttpAdapter().getInstance());
  }
}
