import helmet from 'helmet';

/**
 * Headers of the documentation pages: only their own scripts and styles run, and nothing is loaded from other origins.
 */
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
      // Both Swagger UI and ReDoc create inline styles.
      'style-src': ["'self'", "'unsafe-inline'"],
      'worker-src': ['blob:'],
    },
  },
  strictTransportSecurity: false,
  xFrameOptions: { action: 'deny' },
});
