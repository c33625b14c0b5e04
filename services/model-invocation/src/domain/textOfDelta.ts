import type { GenerationPart } from './Model';

/** What a part adds to what a model wrote. */
export function textOfDelta(part: GenerationPart): string {
  switch (part.type) {
    case 'text-delta':
    case 'reasoning-delta':
      return part.text;
    case 'tool-call-start':
      return part.toolName;
    case 'tool-call-delta':
      return part.inputDelta;
    default:
      return '';
  }
}
