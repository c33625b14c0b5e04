import { type AnyPart, textOf, type Turn } from '../../../domain/content';
import type { GenerateRequest, ToolChoice } from '../../../domain/Model';
import type { WireConverseRequest } from './converseWire';

type WireToolConfig = NonNullable<WireConverseRequest['toolConfig']>;

/** The tools a model may call now; `undefined` when none. */
export function toToolConfig({
  tools,
  toolChoice,
}: GenerateRequest): WireToolConfig | undefined {
  if (!tools?.length || toolChoice?.type === 'none') return undefined;
  return {
    tools: tools.map(({ name, description, inputSchema }) => ({
      toolSpec: {
        name,
        inputSchema: { json: inputSchema as {} },
        description: description || undefined,
      },
    })),
    toolChoice: toolChoice && toWireChoice(toolChoice),
  };
}

function toWireChoice(choice: ToolChoice): WireToolConfig['toolChoice'] {
  switch (choice.type) {
    case 'required':
      return { any: {} };
    case 'tool':
      return { tool: { name: choice.toolName } };
    default:
      return { auto: {} };
  }
}

/**
 * Tells earlier calls and their results as text. Converse wants the tools of a
 * conversation declared, but knows no way to say that none may be called any more.
 */
export function tellToolsAsText(turns: Turn[]): Turn[] {
  const names = new Map<string, string>();
  const tell = (part: AnyPart): AnyPart[] => {
    if (part.type === 'tool-call') {
      names.set(part.toolCallId, part.toolName);
      return [{ type: 'text', text: `Called the tool ${textOf([part])}` }];
    }
    if (part.type !== 'tool-result') return [part];

    const { content, isError, toolCallId } = part;
    const name = names.get(toolCallId) ?? 'the tool';
    const outcome = isError ? 'Error' : 'Result';
    const images =
      typeof content === 'string'
        ? []
        : content.filter(item => item.type === 'image');
    return [
      { type: 'text', text: `${outcome} of ${name}: ${textOf(content)}` },
      ...images,
    ];
  };
  return turns.map(
    ({ role, content }) =>
      ({ role, content: (content as AnyPart[]).flatMap(tell) } as Turn),
  );
}
