import helmet from 'helmet';

/** Headers of the documentation's pages: their own scripts and styles run, nothing comes from elsewhere. */
export const pageHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'self'"],
      'frame-ancestors': ["'none'"],
      'img-src': ["'self'", 'data:'],
      'object-src': ["'none'"],
      'script-src': ["'self'"],
      // Both Swagger UI and ReDoc write styles as they go.
      'style-src': ["'self'", "'unsafe-inline'"],
      'worker-src': ['blob:'],
    },
  },
  strictTransportSecurity: false,
  xFrameOptions: { action: 'deny' },
});
