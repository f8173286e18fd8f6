// Where keys move a slider.

import { describe, expect, it } from 'vitest';
import { slide } from '../../www/slide';

const pressed = (key: string, shiftKey = false) => slide({ key, shiftKey } as KeyboardEvent, 4, 0.5, [-2, 12]);

describe('a slider', () => {
  it('goes a step by an arrow, ten with Shift or by a page', () => {
    expect(['ArrowLeft', 'ArrowDown', 'ArrowRight', 'ArrowUp'].map((key) => pressed(key))).toEqual([
      3.5, 3.5, 4.5, 4.5,
    ]);
    expect([pressed('ArrowRight', true), pressed('PageUp')]).toEqual([9, 9]);
  });

  it('stays between its ends', () => {
    expect([pressed('Home'), pressed('End')]).toEqual([-2, 12]);
    expect([pressed('ArrowLeft', true), pressed('PageDown')]).toEqual([-1, -1]);
    expect(slide({ key: 'PageUp', shiftKey: false } as KeyboardEvent, 11, 0.5, [-2, 12])).toBe(12);
  });

  it('leaves other keys alone', () => {
    expect([pressed('Tab'), pressed('Enter'), pressed('a')]).toEqual([null, null, null]);
  });
});
