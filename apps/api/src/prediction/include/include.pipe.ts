import { Injectable, type PipeTransform } from '@nestjs/common';
import { type Include, readInclude } from './include.js';

/** Reads `?include=`. */
@Injectable()
export class IncludePipe implements PipeTransform<unknown, Include> {
  /** @throws Problem `invalid-input` */
  transform(value: unknown): Include {
    return readInclude(value);
  }
}
