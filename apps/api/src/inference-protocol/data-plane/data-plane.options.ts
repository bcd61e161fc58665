export const DATA_PLANE_OPTIONS = Symbol('DATA_PLANE_OPTIONS');

export interface DataPlaneOptions {
  /** Version of this server. */
  readonly version: string;
  /** Whether callers may load and unload models. */
  readonly adminRoutes: boolean;
}
