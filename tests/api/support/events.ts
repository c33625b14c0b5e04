/** What a stream of server-sent events holds, one after the other. */
export async function* readEvents(
  response: Response,
): AsyncGenerator<{ event: string; data: string }> {
  let rest = '';
  const decoder = new TextDecoderStream() as ReadableWritablePair<
    string,
    Uint8Array
  >;
  for await (const text of response.body!.pipeThrough(decoder)) {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop()!;
    for (const block of blocks) {
      const field = (name: string) =>
        block
          .split('\n')
          .filter(line => line.startsWith(`${name}: `))
          .map(line => line.slice(name.length + 2))
          .join('\n');
      const data = field('data');
      if (data) yield { event: field('event'), data };
    }
  }
}
