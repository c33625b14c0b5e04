import type { Block as WireBlock } from '@aws-sdk/client-textract';

/** What is kept of a block of Textract: most of its bytes are geometry. */
export type TextBlock = {
  id: string;
  type: string;
  /** Of words and lines. */
  text: string;
  /** Ids of what it consists of, in order. */
  children: string[];
  /** Of cells; from 1. */
  row: number;
  column: number;
  /** Of check boxes. */
  isSelected: boolean;
};

export function toTextBlock(block: WireBlock): TextBlock {
  const { Relationships = [] } = block;
  return {
    id: block.Id ?? '',
    type: block.BlockType ?? '',
    text: block.Text ?? '',
    children: Relationships.filter(({ Type }) => Type === 'CHILD').flatMap(
      ({ Ids = [] }) => Ids,
    ),
    row: block.RowIndex ?? 1,
    column: block.ColumnIndex ?? 1,
    isSelected: block.SelectionStatus === 'SELECTED',
  };
}
