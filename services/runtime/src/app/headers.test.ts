import { endToEndHeaders } from './headers';

describe('endToEndHeaders', () => {
  it('drops what is meant for one connection, and what Connection names', () => {
    expect(
      endToEndHeaders([
        ...['Host', 'app'],
        ...['Connection', 'keep-alive, X-Hop'],
        ...['X-Hop', '1'],
        ...['Keep-Alive', 'timeout=5'],
        ...['Transfer-Encoding', 'chunked'],
        ...['Upgrade', 'h2c'],
        ...['Proxy-Authorization', 'Basic x'],
        ...['Accept', 'text/html'],
      ]),
    ).toEqual(['Host', 'app', 'Accept', 'text/html']);
  });

  it('keeps order and repetitions', () => {
    const headers = ['Set-Cookie', 'a=1', 'X', 'y', 'Set-Cookie', 'b=2'];
    expect(endToEndHeaders(headers)).toEqual(headers);
  });

  it('drops what the caller asks for, whatever its case', () => {
    expect(
      endToEndHeaders(['X-Forwarded-For', '1.2.3.4', 'A', 'b'], {
        drop: ['x-forwarded-for'],
      }),
    ).toEqual(['A', 'b']);
  });
});
