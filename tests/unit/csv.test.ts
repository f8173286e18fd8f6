// What a CSV may look like, and what is said of one that can't be taken.

import { describe, expect, it } from 'vitest';
import { readCsv } from '../../www/csv';

describe('a table', () => {
  it.each([
    ['commas', '1,2\n3,4'],
    ['semicolons', '1;2\n3;4'],
    ['tabs', '1\t2\n3\t4\n'],
    ['spaces, quotes and a final break', ' "1" , 2\r\n 3,"4"\r\n\r\n'],
    ['a mark of its encoding', '\uFEFF1,2\n3,4'],
    ['decimal commas', '1,0;2,0\n3,0;4,0'],
    ['exponents and signs', '+1e0,.2e1\n3.,4'],
  ])('is read with %s', (_, text) => {
    expect(readCsv(text)).toEqual({
      header: null,
      rows: [
        [1, 2],
        [3, 4],
      ],
    });
  });

  it('may have a header', () => {
    expect(readCsv('height,weight\n1,2')).toEqual({ header: ['height', 'weight'], rows: [[1, 2]] });
  });
});

describe('a table that can’t be taken', () => {
  it.each([
    ['', /there are no rows/],
    ['\n \n', /there are no rows/],
    ['a,b', /a header and no rows/],
    ['1,2,a\n1,2,3', /^row 1: “a” is not a number, and a header has words in every column$/],
    ['0,1,target\n1,2,3', /^row 1: “target” is not a number/],
    ['1,2\n3', /^row 2 has 1 column, and the first row 2$/],
    ['a,b\n1,2\n3,4,5', /^row 3 has 3 columns, and the header 2$/],
    ['1,2\n3,abc', /^row 2, column 2: “abc” is not a number$/],
    ['a,b\n1,2\n\n3,abc', /^row 4, column 2 \(b\): “abc” is not a number$/],
    ['1,2\n3,', /^row 2, column 2 is empty$/],
    ['1,2\n3,1e7', /^row 2, column 2: 1e7 is larger than a million$/],
    ['1,2\n3,Infinity', /column 2: “Infinity” is not a number/],
    ['1,2\n3,0x10', /column 2: “0x10” is not a number/],
    ['1,2\n3,<img src=x onerror=alert(1)>', /“<img src=x onerror=alert\(1\)>” is not a number/],
    [Array(1001).fill('1,2').join('\n'), /there are 1,001 rows, and 1,000 at most/],
  ])('%j is refused in words', (text, message) => {
    expect(() => readCsv(text)).toThrow(message);
  });

  it('has a thousand rows at most, the header not counted', () => {
    expect(readCsv(`a,b\n${Array(1000).fill('1,2').join('\n')}`).rows).toHaveLength(1000);
  });
});
