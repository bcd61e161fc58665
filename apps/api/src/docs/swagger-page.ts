import type { Express } from 'express';

/**
 * Nest's own page has no viewport, so phones would show it at desktop width.
 * @param files relative path of its files
 */
const page = (files: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Skewless API</title>
    <link rel="icon" href="${files}favicon-32x32.png" />
    <link rel="stylesheet" href="${files}swagger-ui.css" />
    <style>
      body { margin: 0; background: #fafafa; }
      .swagger-ui .topbar { display: none; }
      .swagger-ui .opblock .opblock-summary-path { max-width: none; overflow-wrap: anywhere; }
      /* No operation has links, and their column makes the table of answers wider than a phone. */
      .swagger-ui .responses-table .response-col_links { display: none; }
    </style>
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="${files}swagger-ui-bundle.js"></script>
    <script src="${files}swagger-ui-standalone-preset.js"></script>
    <script src="${files}swagger-ui-init.js"></script>
  </body>
</html>
`;

/** Serves the page of Swagger UI at `/docs`, whose files Nest serves below it. */
export function serveSwaggerPage(app: Express): void {
  app.get('/docs', (request, response) => {
    response.type('html').send(page(request.path.endsWith('/') ? '' : 'docs/'));
  });
}
