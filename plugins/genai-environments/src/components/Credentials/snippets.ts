/** What a first call needs. The secret is never part of it. */
export type SnippetInput = {
  /** Base address without trailing slash. */
  endpoint: string;
  tokenUrl: string;
  clientId: string;
  /** A text model of the environment. */
  model: string;
};

export type Snippet = {
  id: 'curl' | 'typescript' | 'python';
  title: string;
  /** Language for highlighting. */
  language: 'bash' | 'typescript' | 'python';
  /** What has to be installed first. */
  setup?: string;
  code: string;
};

/**
 * First calls of an environment. Each reads the secret from `GENAI_CLIENT_SECRET`, and
 * asks for no scope: the token issuer then grants all that the application holds.
 */
export function createSnippets(input: SnippetInput): Snippet[] {
  return [
    {
      id: 'curl',
      title: 'curl',
      language: 'bash',
      code: curlSnippet(input),
    },
    {
      id: 'typescript',
      title: 'TypeScript',
      language: 'typescript',
      setup: 'npm install openai',
      code: typescriptSnippet(input),
    },
    {
      id: 'python',
      title: 'Python',
      language: 'python',
      setup: 'pip install openai httpx',
      code: pythonSnippet(input),
    },
  ];
}

/** Brings the text along that it asks about: the built-in model answers from nothing else. */
const QUESTION =
  'Invoices are due in 30 days. Late payers owe 5 % interest. When is an invoice due?';

function curlSnippet(input: SnippetInput): string {
  const body = JSON.stringify({
    model: input.model,
    messages: [{ role: 'user', content: QUESTION }],
  });
  return `# export GENAI_CLIENT_SECRET first: the secret that you revealed
TOKEN=$(curl -sS --fail ${shell(input.tokenUrl)} \\
  --user ${shell(`${input.clientId}:`)}"$GENAI_CLIENT_SECRET" \\
  --data grant_type=client_credentials |
  sed -E 's/.*"access_token" *: *"([^"]+)".*/\\1/')

curl -sS ${shell(`${input.endpoint}/v1/chat/completions`)} \\
  --header "Authorization: Bearer $TOKEN" \\
  --header 'Content-Type: application/json' \\
  --data ${shell(body)}
`;
}

function typescriptSnippet(input: SnippetInput): string {
  return `import OpenAI from 'openai';

async function getAccessToken(): Promise<string> {
  const clientId = ${literal(input.clientId)};
  const credentials = btoa(\`\${clientId}:\${process.env.GENAI_CLIENT_SECRET}\`);
  const response = await fetch(${literal(input.tokenUrl)}, {
    method: 'POST',
    headers: { Authorization: \`Basic \${credentials}\` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  if (!response.ok) throw new Error(\`No token: \${await response.text()}\`);
  const { access_token } = await response.json();
  return access_token;
}

const openai = new OpenAI({
  baseURL: ${literal(`${input.endpoint}/v1`)},
  apiKey: await getAccessToken(),
});

const completion = await openai.chat.completions.create({
  model: ${literal(input.model)},
  messages: [{ role: 'user', content: ${literal(QUESTION)} }],
});
console.log(completion.choices[0].message.content);
`;
}

function pythonSnippet(input: SnippetInput): string {
  return `import os

import httpx
from openai import OpenAI

token = httpx.post(
    ${pythonLiteral(input.tokenUrl)},
    auth=(${pythonLiteral(input.clientId)}, os.environ["GENAI_CLIENT_SECRET"]),
    data={"grant_type": "client_credentials"},
)
token.raise_for_status()

client = OpenAI(
    base_url=${pythonLiteral(`${input.endpoint}/v1`)},
    api_key=token.json()["access_token"],
)

completion = client.chat.completions.create(
    model=${pythonLiteral(input.model)},
    messages=[{"role": "user", "content": ${pythonLiteral(QUESTION)}}],
)
print(completion.choices[0].message.content)
`;
}

/** Single quotes keep everything but themselves literal in a POSIX shell. */
function shell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function literal(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return `'${inner.replaceAll("'", "\\'")}'`;
}

/** JSON strings are Python string literals, too. */
function pythonLiteral(text: string): string {
  return JSON.stringify(text);
}
