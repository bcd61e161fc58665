import { Problem } from './problem.js';
import { PROBLEM_TYPES, type ProblemType } from './problem-types.js';

describe('Problem', () => {
  it('is an error whose message is the detail', () => {
    const problem = new Problem('not-found', 'There is no endpoint at /x.');
    expect(problem).toBeInstanceOf(Error);
    expect(`${problem.name}: ${problem.message}`).toBe('Problem: There is no endpoint at /x.');
    expect(problem.headers).toEqual({});
  });

  it('becomes a document with the entry of its type in the table', () => {
    const problem = new Problem('payload-too-large', 'Send less.');
    expect(problem.status).toBe(413);
    expect(problem.toDocument()).toEqual({
      type: 'urn:skewless:problem:payload-too-large',
      title: 'The body is too large',
      status: 413,
      detail: 'Send less.',
    });
  });

  it('adds the request and the faults, in this order', () => {
    const errors = [{ path: 'a', expected: 'a finite number', received: null }];
    const problem = new Problem('invalid-input', 'a is wrong.', { errors, errors_total: 9 });
    expect(JSON.stringify(problem.toDocument({ instance: '/predict', request_id: 'r-1' }))).toBe(
      '{"type":"urn:skewless:problem:invalid-input","title":"The input does not match the model\'s schema","status":422,' +
        '"detail":"a is wrong.","instance":"/predict","request_id":"r-1",' +
        '"errors":[{"path":"a","expected":"a finite number","received":null}],"errors_total":9}',
    );
  });

  it.each(Object.keys(PROBLEM_TYPES) as ProblemType[])('%s has an error status and a title', (type) => {
    const { status, title } = new Problem(type, '').toDocument();
    expect(status).toBe(PROBLEM_TYPES[type].status);
    expect(status >= 400 && status < 600).toBe(true);
    expect(title).toMatch(/^[A-Z].+[^.]$/);
  });
});
