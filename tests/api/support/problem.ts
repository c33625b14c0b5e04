import assert from 'node:assert/strict';

/** An error answer (RFC 9457). */
export type Problem = {
  status: number;
  detail: string;
  code: string;
  issues?: Array<{ path: string; message: string }>;
};

/** Asserts that an answer is a problem of this status that says what to do. */
export async function problemOf(
  response: Response,
  status: number,
  where: string,
): Promise<Problem> {
  const text = await response.text();
  assert.equal(response.status, status, `${where}: ${text}`);
  assert.match(
    response.headers.get('content-type')!,
    /^application\/problem\+json/,
    where,
  );
  const problem = JSON.parse(text) as Problem;
  assert.equal(problem.status, status, where);
  assert.ok(problem.detail.length > 10 && problem.code, where);
  return problem;
}
