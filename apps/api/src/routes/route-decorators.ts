import { applyDecorators } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { ErrorFormat } from '../problem/error-format.js';
import type { RequiredScope } from './scope.js';

/**
 * The scope that a route or a gRPC call requires in a secured server. At a controller it is the default of its
 * handlers; a missing scope stops the boot.
 */
export const Scoped = Reflector.createDecorator<RequiredScope>();

/** The error format, if not problem documents. At a controller it also applies to unknown paths below its own. */
export const ErrorsAs = Reflector.createDecorator<ErrorFormat>();

export const MarkedAsProbe = Reflector.createDecorator<true>();

/**
 * Pages for people: a browser may send the key as the password of HTTP Basic. At a controller it applies to all
 * handlers.
 */
export const ForBrowsers = Reflector.createDecorator<true>();

/** Single predictions: the body is read before Nest routes the request. */
export const BodyFirst = Reflector.createDecorator<true>();

/** Probes, which orchestrators send all the time: they need no key and are logged at debug. */
export const Probe = (): MethodDecorator & ClassDecorator => applyDecorators(Scoped('open'), MarkedAsProbe(true));
