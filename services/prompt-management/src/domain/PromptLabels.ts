import {
  Clock,
  ConflictError,
  InvalidInputError,
} from '@genai-environments/service-kit';
import type { PromptTemplateRepository } from '../ports/PromptTemplateRepository';
import { noLabel, noTemplate, noVersion } from './errors';
import { LATEST_LABEL, type PromptLabel } from './PromptTemplate';

/** Most labels of one template. */
export const MAX_LABELS = 50;

/** Labels of templates, e.g. `production`: callers ask for one and get what it points at. */
export class PromptLabels {
  constructor(
    private readonly options: {
      repository: PromptTemplateRepository;
      clock: Clock;
    },
  ) {}

  /**
   * Points a label at a version; it is made when there is none. Of moves at the same time
   * one is the last, and readers see either version, never none.
   *
   * @throws NotFoundError when there is no such template or version
   * @throws ConflictError when the template has too many labels
   */
  async move(
    clientId: string,
    target: { name: string; label: string; version: number },
  ): Promise<PromptLabel> {
    const { repository, clock } = this.options;
    const { name, label, version } = target;
    assertMovable(label);
    const outcome = await repository.moveLabel(clientId, {
      ...target,
      movedAt: clock.now(),
      maxLabels: MAX_LABELS,
    });
    if (outcome === 'too-many-labels') {
      throw new ConflictError(
        `Prompt template "${name}" has ${MAX_LABELS} labels, which is the most. Delete one first.`,
        { code: 'too_many_prompt_labels' },
      );
    }
    if (outcome === 'no-version') {
      const latest = await repository.findLatest(clientId, name);
      throw latest
        ? noVersion(name, version, latest.version)
        : noTemplate(name);
    }
    return { label, version, movedAt: outcome.movedAt };
  }

  /** By label. @throws NotFoundError when there is no such template */
  async list(clientId: string, name: string): Promise<PromptLabel[]> {
    const { repository } = this.options;
    const labels = await repository.listLabels(clientId, name);
    if (labels.length > 0) return labels;
    if (!(await repository.findLatest(clientId, name))) throw noTemplate(name);
    return [];
  }

  /** @throws NotFoundError when there is no such template or label */
  async delete(
    clientId: string,
    key: { name: string; label: string },
  ): Promise<void> {
    assertMovable(key.label);
    if (await this.options.repository.deleteLabel(clientId, key)) return;
    const labels = await this.list(clientId, key.name);
    throw noLabel(
      key.name,
      key.label,
      labels.map(({ label }) => label),
    );
  }
}

function assertMovable(label: string): void {
  if (label !== LATEST_LABEL) return;
  throw new InvalidInputError(
    `The label "${LATEST_LABEL}" always means the newest version and cannot be moved or deleted. Choose another name.`,
    { code: 'prompt_label_reserved' },
  );
}
