<?php

// A page of a list. Going over it goes on to the pages that follow, one request each.

declare(strict_types=1);

namespace Risala;

/**
 * @template T
 * @implements \IteratorAggregate<int, T>
 */
final class Page implements \IteratorAggregate
{
    /** @var list<T> the rows of this page */
    public readonly array $data;
    /** How many rows there are in all; null where that is not counted. */
    public readonly ?int $total;
    public readonly ?string $nextCursor;

    /**
     * @param array<string, mixed> $fields
     * @param array<string, mixed> $answer the whole answer
     */
    public function __construct(
        private readonly Caller $caller,
        private readonly string $path,
        private readonly array $fields,
        public readonly array $answer,
    ) {
        $this->data = $answer['data'];
        $this->total = $answer['total'] ?? null;
        $this->nextCursor = $answer['next_cursor'] ?? null;
    }

    /**
     * The page after this one, null after the last.
     *
     * @return self<T>|null
     */
    public function nextPage(): ?self
    {
        if ($this->nextCursor === null) {
            return null;
        }
        $fields = $this->fields;
        unset($fields['offset']);
        return $this->caller->pages($this->path, ['cursor' => $this->nextCursor] + $fields);
    }

    /** @return \Generator<int, T> */
    public function getIterator(): \Generator
    {
        for ($page = $this; $page !== null; $page = $page->nextPage()) {
            foreach ($page->data as $row) {
                yield $row;
            }
        }
    }
}
