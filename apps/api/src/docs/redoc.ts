import { fileURLToPath } from 'node:url';
import type { Express } from 'express';

/** ReDoc 2.5.4, committed as one file: its package would install 90 others that this file already contains. */
const SCRIPT = fileURLToPath(new URL('redoc/redoc.standalone.js', import.meta.url));

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Skewless API</title>
    <link rel="icon" href="/docs/favicon-32x32.png" />
    <style>
      body { margin: 0; }
      a[href^="https://redocly.com/redoc"] { display: none; }
    </style>
  </head>
  <body>
    <redoc spec-url="/openapi.json"></redoc>
    <script src="/redoc/redoc.standalone.js"></script>
  </body>
</html>
`;

/** Serves ReDoc at `/redoc`, its script included. */
export function serveRedoc(app: Express): void {
  app.get('/redoc', (_request, response) => {
    response.type('html').send(PAGE);
  });
  app.get('/redoc/redoc.standalone.js', (_request, response) => {
    response.sendFile(SCRIPT, { maxAge: '1d' });
  });
}
