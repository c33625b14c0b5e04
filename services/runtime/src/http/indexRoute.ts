import type { ServiceApp } from '@genai-environments/service-kit';
import { escapeHtml } from '../app/unavailable';
import type { RuntimeConfig } from '../config';
import type { Release } from '../release';

type Link = { name: string; href: string };

/** `GET /`: says what this is and where to go on; HTML for browsers, JSON otherwise. */
export function indexRoute(options: {
  config: RuntimeConfig;
  release: Release;
  /** Where access tokens come from. */
  tokenUrl: string;
  services: Array<{ name: string; prefix: string }>;
}) {
  const { config, release, tokenUrl, services } = options;
  const { name } = config.environment;
  const links: Link[] = [
    ...(config.appDirectory ? [{ name: 'app', href: '/app/' }] : []),
    { name: 'openapi', href: '/openapi.json' },
    ...services.map(service => ({
      name: `health of ${service.name}`,
      href: `${service.prefix}/service/health`,
    })),
  ];
  const body = {
    environment: name,
    description: 'The API of a GenAI environment.',
    ...release,
    links: {
      token: tokenUrl,
      ...Object.fromEntries(
        links.map(link => [link.name, config.publicUrl + link.href]),
      ),
    },
  };
  // In the page, from where it was asked for: a laptop's has several names.
  const path = new URL(config.publicUrl).pathname.replace(/\/$/, '');
  const page = renderPage({
    ...{ name, release, tokenUrl },
    links: links.map(link => ({ ...link, href: path + link.href })),
  });

  return async (app: ServiceApp): Promise<void> => {
    app.get(
      '/',
      { config: { auth: 'public', undocumented: true } },
      async (request, reply) => {
        reply.header('vary', 'accept');
        if (!request.headers.accept?.includes('text/html')) return body;
        return reply.type('text/html; charset=utf-8').send(page);
      },
    );
  };
}

/** What `source` of a release means. */
const SOURCES = {
  bundled: 'as released',
  own: 'built from the source in the project’s repository',
};

function renderPage(options: {
  name: string;
  release: Release;
  tokenUrl: string;
  links: Link[];
}): string {
  const { release, links } = options;
  const [name, tokenUrl] = [options.name, options.tokenUrl].map(escapeHtml);
  const items = links.map(
    link =>
      `<li><a href="${escapeHtml(link.href)}">${escapeHtml(
        link.name,
      )}</a></li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:10vh auto;max-width:40rem;padding:0 1rem}</style>
</head>
<body>
<h1>${name}</h1>
<p>This is the API of a GenAI environment. Access tokens come from <code>POST ${tokenUrl}</code>.</p>
<p>Its services: version ${escapeHtml(release.version)}, ${
    SOURCES[release.source]
  }.</p>
<ul>
${items.join('\n')}
</ul>
</body>
</html>
`;
}
