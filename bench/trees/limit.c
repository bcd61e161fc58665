// The limit of the bench of trees: what libs/kernels/assembly/trees does, in C, on the very memory that it works on.
// limit <image> <plan> <rows file> <features> <rows of the file> <rows of a run> <where features are> <rows of room>:
// microseconds of CPU a row, the median of five
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef uint64_t half __attribute__((vector_size(32)));
typedef int8_t bytes __attribute__((vector_size(32)));
static unsigned char *memory;
#define U32(at) (*(uint32_t *)(memory + (at)))
#define F32(at) (*(float *)(memory + (at)))

static void search(uint32_t values, uint32_t breaks, uint32_t count, uint32_t missing, uint32_t cells, uint32_t stride, int rows) {
  const float *edges = (float *)(memory + breaks);
  for (int row = 0; row < rows; row++) {
    const float x = F32(values + 4 * row);
    const float *at = edges;
    for (uint32_t left = count; left > 0; left >>= 1) {
      const uint32_t step = (left + 1) >> 1;
      at += (at[step - 1] <= x) * (size_t)step;
    }
    U32(cells + row * stride) = x == x ? (uint32_t)(at - edges) : missing;
  }
}

static inline void add_leaf(float *sum, const float *leaf, int width) {
  for (int i = 0; i < width; i++) sum[i] += leaf[i];
}

static inline __attribute__((always_inline)) void bit_vectors(uint32_t block, int count, uint32_t cells, uint32_t stride, uint32_t sums, int width, int rows) {
  for (; count > 0; count--, block += 76) {
    const uint32_t asked = U32(block + 4), end = asked + 8 * U32(block);
    const unsigned char *lines = memory + U32(block + 8);
    const float *leaves[8];
    for (int tree = 0; tree < 8; tree++) leaves[tree] = (float *)(memory + U32(block + 12 + 4 * tree));
    for (int row = 0; row < rows; row++) {
      half low = {-1, -1, -1, -1}, high = low;
      for (uint32_t feature = asked; feature < end; feature += 8) {
        const uint32_t cell = U32(cells + row * stride + U32(feature));
        const half *line = (half *)(lines + 64 * *(uint16_t *)(memory + U32(feature + 4) + 2 * cell));
        low &= line[0];
        high &= line[1];
      }
      float *sum = (float *)(memory + sums + 4 * width * row);
      for (int tree = 0; tree < 4; tree++) add_leaf(sum, leaves[tree] + width * __builtin_ctzll(low[tree]), width);
      for (int tree = 0; tree < 4; tree++) add_leaf(sum, leaves[tree + 4] + width * __builtin_ctzll(high[tree]), width);
    }
  }
}

static inline bytes pass(bytes leaf, bytes rank, int8_t largest, int8_t before, int8_t next) {
  const bytes to = (rank > largest) & (leaf > before) & next, stays = leaf > to;
  return (leaf & stays) | (to & ~stays);
}

static inline __attribute__((always_inline)) void ranked(uint32_t plan, uint32_t sums, int width, int rows) {
  const uint32_t cells = U32(plan + 12), stride = U32(plan + 88), ranks = U32(plan + 92);
  uint32_t table = U32(plan + 84), slot = 0;
  for (uint32_t f = 0, at = U32(plan + 4); f < U32(plan + 68); f++, at += 20) {
    search(U32(at), U32(at + 4), U32(at + 8), U32(at + 12), cells, 4, rows);
    for (; slot < U32(at + 16); slot++, table += 4)
      for (int row = 0; row < rows; row++)
        memory[ranks + row / 64 * stride + 64 * slot + row % 64] = memory[U32(table) + U32(cells + 4 * row)];
  }
  for (uint32_t i = 0, block = U32(plan + 80); i < U32(plan + 76); i++, block += 100) {
    for (int from = 0; from < rows; from += 64) {
      const unsigned char *own = memory + ranks + from / 64 * stride;
      uint8_t leaves[8][64] __attribute__((aligned(64)));
      uint32_t node = U32(block);
      for (int tree = 0; tree < 8; tree++) {
        bytes low = {0}, high = low;
        for (const uint32_t end = U32(block + 4 + 4 * tree); node < end; node += 8) {
          const int8_t *of = (int8_t *)(memory + node + 4);
          const bytes *rank = (bytes *)(own + U32(node));
          low = pass(low, rank[0], of[0], of[1], of[2]);
          high = pass(high, rank[1], of[0], of[1], of[2]);
        }
        ((bytes *)leaves[tree])[0] = low;
        ((bytes *)leaves[tree])[1] = high;
      }
      for (int row = 0; row < 64; row++) {
        float *sum = (float *)(memory + sums) + width * (from + row);
        for (int tree = 0; tree < 8; tree++)
          add_leaf(sum, (float *)(memory + U32(block + 36 + 4 * tree)) + width * leaves[tree][row], width);
      }
    }
  }
}

static inline __attribute__((always_inline)) void perfect(uint32_t tree, int count, uint32_t codes, uint32_t stride, uint32_t sums, int width, int rows) {
  const int is_single = rows < 4, depth = U32(tree + 4);
  for (; count > 0; count -= is_single ? 8 : 1, tree += is_single ? 128 : 16) {
    for (int step = 0; step < (is_single ? rows : (rows + 7) / 8); step++) {
      uint32_t node[8];
      for (int k = 0; k < 8; k++) node[k] = 1;
      for (int level = 0; level < depth; level++)
        for (int k = 0; k < 8; k++) {
          const uint32_t split = U32(U32(is_single ? tree + 16 * k : tree) + 4 * node[k]);
          node[k] = 2 * node[k] + (U32(codes + (is_single ? step : 8 * step + k) * stride + (split & 0xffff)) > split >> 16);
        }
      for (int k = 0; k < 8; k++) {
        const uint32_t values = U32((is_single ? tree + 16 * k : tree) + 12) + 4 * width * node[k];
        add_leaf((float *)(memory + sums) + width * (is_single ? step : 8 * step + k), (float *)(memory + values), width);
      }
    }
  }
}

static inline uint32_t next(const uint64_t *nodes, uint32_t node, const unsigned char *codes) {
  const uint64_t split = nodes[node];
  return (uint32_t)(split >> 38) + (*(uint32_t *)(codes + (split & 0xffff)) > ((split >> 16) & 0x3fffff));
}

static inline __attribute__((always_inline)) void paths(uint32_t tree, int count, uint32_t plan, uint32_t codes, uint32_t stride, uint32_t sums, int width, int rows) {
  const uint64_t *nodes = (uint64_t *)(memory + U32(plan + 56));
  const uint32_t *leaves = (uint32_t *)(memory + U32(plan + 60));
  const float *values = (float *)(memory + U32(plan + 64));
  const int is_single = rows < 4;
  for (; count > 0; count -= is_single ? 8 : 1, tree += is_single ? 128 : 16) {
    const int steps = is_single ? rows : (rows + 7) / 8;
    for (int step = 0; step < steps; step++) {
      uint32_t node[8];
      const unsigned char *row[8];
      int depth = 0;
      for (int k = 0; k < 8; k++) {
        const uint32_t own = is_single ? tree + 16 * k : tree;
        node[k] = U32(own);
        if ((int)U32(own + 4) > depth) depth = U32(own + 4);
        row[k] = memory + codes + (is_single ? step : 8 * step + k) * stride;
      }
      for (int level = 0; level < depth; level++)
        for (int k = 0; k < 8; k++) node[k] = next(nodes, node[k], row[k]);
      for (int k = 0; k < 8; k++) {
        float *sum = (float *)(memory + sums) + width * (is_single ? step : 8 * step + k);
        for (int i = 0; i < width; i++) sum[i] += values[leaves[node[k]] * width + i];
      }
    }
  }
}

static inline __attribute__((always_inline)) void predict_width(uint32_t plan, int rows, const int width) {
  const uint32_t stride = U32(plan + 8), cells = U32(plan + 12);
  uint32_t sums = U32(plan + 36), from = U32(plan + 76) ? rows & ~63 : 0;
  memset(memory + sums, 0, 4 * width * ((rows + 7) & ~7));
  if (from > 0) ranked(plan, sums, width, from);
  rows -= from, sums += 4 * width * from;
  if (rows == 0) return;
  for (uint32_t f = 0, at = U32(plan + 4); f < U32(plan + 68); f++, at += 20)
    search(U32(at) + 4 * from, U32(at + 4), U32(at + 8), U32(at + 12), cells + 4 * f, stride, rows);
  for (uint32_t i = 0, at = U32(plan + 32); i < U32(plan + 28); i++, at += 12) {
    if (U32(at) == 0) bit_vectors(U32(at + 4), U32(at + 8), cells, stride, sums, width, rows);
    else if (U32(at) == 2) perfect(U32(at + 4), U32(at + 8), cells, stride, sums, width, rows);
    else paths(U32(at + 4), U32(at + 8), plan, cells, stride, sums, width, rows);
  }
}

static void predict(uint32_t plan, int rows) {
  const int width = U32(plan + 72);
  if (width == 1) predict_width(plan, rows, 1);
  else if (width == 2) predict_width(plan, rows, 2);
  else predict_width(plan, rows, width);
}

static double cpu(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

static void *whole(const char *path, long *bytes) {
  FILE *file = fopen(path, "rb");
  fseek(file, 0, SEEK_END);
  *bytes = ftell(file);
  rewind(file);
  void *all = aligned_alloc(64, (*bytes + 63) / 64 * 64);
  if (fread(all, 1, *bytes, file) != (size_t)*bytes) exit(1);
  fclose(file);
  return all;
}

int main(int argc, char **argv) {
  if (argc != 9) return 2;
  long bytes;
  memory = whole(argv[1], &bytes);
  const uint32_t plan = atoi(argv[2]);
  const float *rows = whole(argv[3], &bytes);
  const int features = atoi(argv[4]), total = atoi(argv[5]), run = atoi(argv[6]);
  const uint32_t values = atoi(argv[7]), stride = atoi(argv[8]);
  const int room = run < 1024 ? run : 1024;
  double spent[5];
  for (int round = 0; round < 5; round++) {
    const double started = cpu();
    int done = 0;
    for (int at = 0; cpu() - started < 2e4; done += room, at = at + 2 * room <= total ? at + room : 0) {
      for (int f = 0; f < features; f++)
        memcpy(memory + values + 4 * f * stride, rows + f * total + at, 4 * room);
      predict(plan, room);
    }
    const double own = (cpu() - started) / done;
    int place = round;
    for (; place > 0 && spent[place - 1] > own; place--) spent[place] = spent[place - 1];
    spent[place] = own;
  }
  printf("%.4f\n", spent[2]);
  return 0;
}
