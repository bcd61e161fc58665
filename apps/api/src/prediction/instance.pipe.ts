import { Inject, Injectable, type PipeTransform } from '@nestjs/common';
import { parseJson } from '../http/parse-json.js';
import { invalidInput } from '../problem/invalid-input.js';
import { InputContracts } from './input-contracts.js';

/** Turns the body of a single prediction into raw values in column order, or says all that is wrong with it. */
@Injectable()
export class InstancePipe implements PipeTransform<Buffer, number[]> {
  constructor(@Inject(InputContracts) private readonly contracts: InputContracts) {}

  transform(body: Buffer): number[] {
    const { checker } = this.contracts.current;
    const instance = parseJson(body);
    const values: number[] = [];
    if (!checker.read(instance, values)) throw invalidInput(checker.explain(instance));
    return values;
  }
}
