type Told = { authorization: string; method: string; clientId: string };

/**
 * Answers for the APIs of environments. ministack starts no containers without Docker, and
 * nothing listens at `*.execute-api.*`: calls of this process to there end here. All others
 * go their way.
 */
export class EnvironmentStandIn {
  /** What the portal told environments of their applications, in order. */
  readonly told: Told[] = [];
  private readonly original = globalThis.fetch;

  install(): void {
    globalThis.fetch = async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      if (!/\.execute-api\.[\w-]+\.amazonaws\.com$/.test(url.hostname)) {
        return this.original(input, init);
      }
      return this.answer(url, init ?? {});
    };
  }

  uninstall(): void {
    globalThis.fetch = this.original;
  }

  private answer(url: URL, { method = 'GET', headers }: RequestInit): Response {
    const [, clientId] =
      /^\/env\/control\/applications\/([\w-]+)$/.exec(url.pathname) ?? [];
    if (!clientId) return new Response(null, { status: 404 });
    const authorization = new Headers(headers).get('authorization') ?? '';
    this.told.push({ authorization, method, clientId });
    return method === 'DELETE'
      ? new Response(null, { status: 204 })
      : Response.json({ clientId });
  }
}
