import { applyDecorators } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { ErrorFormat } from '../problem/error-format.js';
import type { RequiredScope } from './scope.js';

/**
 * The scope that a route or a gRPC call takes in a secured server. At a controller it is the default of its handlers;
 * what has none does not boot.
 */
export const Scoped = Reflector.createDecorator<RequiredScope>();

/** How errors read, where not as problem documents. At a controller it also holds below its path where no route is. */
export const ErrorsAs = Reflector.createDecorator<ErrorFormat>();

export const MarkedAsProbe = Reflector.createDecorator<true>();

/** Pages for people: a browser may send the key as the password of HTTP Basic. At a controller it holds for its handlers. */
export const ForBrowsers = Reflector.createDecorator<true>();

/** Single predictions: their body is read before Nest is asked for the route. */
export const BodyFirst = Reflector.createDecorator<true>();

/** What orchestrators ask all the time: without a key, and logged at debug. */
export const Probe = (): MethodDecorator & ClassDecorator => applyDecorators(Scoped('open'), MarkedAsProbe(true));
