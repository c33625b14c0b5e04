import type { StackState } from '../aws/stackRecords';
import { TAG_BLUEPRINT } from '../names';
import {
  type Blueprints,
  type EnvironmentBlueprint,
  VECTOR_STORES,
  type VectorStoreKind,
} from './types';

/**
 * The blueprint of an environment: the one that its base was made with, whatever the
 * target's settings say today. Theirs is for what has no base yet.
 *
 * @returns `undefined` when blueprints do not have that one any more
 */
export function blueprintOf(
  blueprints: Blueprints,
  choice: { tier: EnvironmentBlueprint['tier']; vectorStore: VectorStoreKind },
  core: StackState | undefined,
): EnvironmentBlueprint | undefined {
  // Earlier versions have put their version behind it.
  const id = isMade(core) && core?.tags[TAG_BLUEPRINT]?.split('@')[0];
  if (!id) return blueprints.find(choice);
  return VECTOR_STORES.map(vectorStore =>
    find(blueprints, { ...choice, vectorStore }),
  ).find(blueprint => blueprint?.id === id);
}

/** What was never finished is created as the target says now. */
function isMade(core: StackState | undefined): boolean {
  return /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$|^UPDATE_/.test(
    core?.status ?? '',
  );
}

function find(
  blueprints: Blueprints,
  choice: Parameters<Blueprints['find']>[0],
): EnvironmentBlueprint | undefined {
  try {
    return blueprints.find(choice);
  } catch {
    return undefined;
  }
}
