const END_OF_HEAD = '\r\n\r\n';
const END_OF_CHUNKS = '0\r\n\r\n';

/**
 * Reads one HTTP/1.1 answer at a time from a connection: status, then as many bytes as Content-Length says, or up to
 * the last chunk. It relies on answers without a raw line break in the body, which is true of compact JSON.
 */
export class AnswerReader {
  #head = '';
  #inBody = false;
  #remaining = 0;
  #tail = '';

  /** @returns whether the answer is now complete; throws when it is none, not 200, or more than one */
  read(bytes) {
    if (this.#inBody) return this.#readBody(bytes);
    const head = this.#head + bytes.latin1Slice();
    const end = head.indexOf(END_OF_HEAD);
    if (end < 0) {
      this.#head = head;
      return false;
    }
    if (!head.startsWith('HTTP/1.1 200 ')) throw new Error(`Not 200: ${head.slice(0, 500)}`);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head);
    if (!length && !/\r\ntransfer-encoding: *chunked/i.test(head)) throw new Error(`No length: ${head.slice(0, end)}`);
    this.#remaining = length ? Number(length[1]) : NaN;
    const taken = end + END_OF_HEAD.length - this.#head.length;
    this.#head = '';
    this.#tail = '';
    this.#inBody = true;
    return this.#readBody(bytes.subarray(taken));
  }

  #readBody(bytes) {
    if (Number.isNaN(this.#remaining)) {
      this.#tail = (this.#tail + bytes.latin1Slice(Math.max(0, bytes.length - 5))).slice(-5);
      this.#inBody = this.#tail !== END_OF_CHUNKS;
    } else {
      this.#remaining -= bytes.length;
      if (this.#remaining < 0) throw new Error(`${-this.#remaining} bytes more than Content-Length says`);
      this.#inBody = this.#remaining > 0;
    }
    return !this.#inBody;
  }
}
