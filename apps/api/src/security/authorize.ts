import type { NextFunction } from 'express';
import type { ApiRequest, ApiResponse } from '../http/http.types.js';
import { assertScope, type Authenticator } from './authenticator.js';
import type { Caller } from './caller.js';

/** Admits requests that need no scope, or whose caller has it, before a byte of their body is read. */
export function authorize(authenticator: Authenticator) {
  return (request: ApiRequest, _response: ApiResponse, next: NextFunction): void | Promise<void> => {
    const { scope, isForBrowsers } = request.facts;
    if (scope === 'open') return next();
    const { authorization, 'x-api-key': apiKey } = request.headers;
    const caller = authenticator.authenticate({ authorization, apiKey: apiKey as string | undefined, isForBrowsers });
    const admit = (caller: Caller): void => {
      request.caller = caller.id;
      assertScope(caller, scope);
      next();
    };
    return caller instanceof Promise ? caller.then(admit) : admit(caller);
  };
}
