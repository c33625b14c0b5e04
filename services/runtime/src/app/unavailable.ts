import {
  type Problem,
  PROBLEM_MEDIA_TYPE,
} from '@genai-environments/service-kit';

/** Seconds after which it is worth to ask again. */
export const RETRY_AFTER_SECONDS = 2;

/** What a caller gets while the app cannot answer. */
export function unavailableAnswer(options: {
  accept: string | undefined;
  environmentName: string;
  starting: boolean;
}): { type: string; body: string } {
  const { accept, environmentName, starting } = options;
  const detail = starting
    ? `The app of ${environmentName} is starting. Try again in a moment.`
    : `The app of ${environmentName} is not answering just now. It is restarted automatically; try again in a moment.`;
  if (accept?.includes('text/html')) {
    return {
      type: 'text/html; charset=utf-8',
      body: page(environmentName, detail),
    };
  }
  const problem: Problem & { retryable: true } = {
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    detail,
    code: 'app_unavailable',
    retryable: true,
  };
  return { type: PROBLEM_MEDIA_TYPE, body: JSON.stringify(problem) };
}

function page(title: string, detail: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${RETRY_AFTER_SECONDS}">
<title>${escapeHtml(title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:20vh auto;max-width:32rem;padding:0 1rem;text-align:center}</style>
</head>
<body>
<h1>One moment</h1>
<p role="status">${escapeHtml(detail)}</p>
<p>This page reloads itself.</p>
</body>
</html>
`;
}

/** Makes text safe between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(
    /[&<>"']/g,
    character => `&#${character.codePointAt(0)};`,
  );
}
