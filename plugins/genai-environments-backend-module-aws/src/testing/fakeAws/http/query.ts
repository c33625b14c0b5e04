/** The Query protocol of AWS: form in, XML out. Test code. */

/** `Tags.member.1.Key=a` becomes `{ Tags: [{ Key: 'a' }] }`. */
export function parseQuery(body: string): Record<string, any> {
  const root: Record<string, any> = {};
  for (const [path, value] of new URLSearchParams(body)) {
    const steps = path.split('.').filter(step => step !== 'member');
    let target: any = root;
    steps.forEach((step, index) => {
      const last = index === steps.length - 1;
      target[step] = last ? value : target[step] ?? {};
      target = target[step];
    });
  }
  return toLists(root);
}

function toLists(value: any): any {
  if (typeof value !== 'object') return value;
  const keys = Object.keys(value);
  if (keys.length > 0 && keys.every(key => /^\d+$/.test(key))) {
    return keys
      .sort((a, b) => Number(a) - Number(b))
      .map(key => toLists(value[key]));
  }
  return Object.fromEntries(keys.map(key => [key, toLists(value[key])]));
}

export function queryAnswer(operation: string, output: object): string {
  return `<${operation}Response><${operation}Result>${toXml(
    output,
  )}</${operation}Result><ResponseMetadata><RequestId>fake</RequestId></ResponseMetadata></${operation}Response>`;
}

export function queryError(code: string, message: string, sender: boolean) {
  return `<ErrorResponse><Error><Type>${
    sender ? 'Sender' : 'Receiver'
  }</Type><Code>${code}</Code><Message>${escape(
    message,
  )}</Message></Error><RequestId>fake</RequestId></ErrorResponse>`;
}

/** Lists are wrapped in `member`, as the Query protocol has it. */
export function toXml(value: any): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) {
    return value.map(item => `<member>${toXml(item)}</member>`).join('');
  }
  if (typeof value === 'object') {
    return Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => `<${key}>${toXml(item)}</${key}>`)
      .join('');
  }
  return escape(String(value));
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
