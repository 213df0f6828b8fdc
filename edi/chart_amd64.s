//go:build amd64 && !purego

#include "go_asm.h"
#include "textflag.h"

// map(n) is where the n-th map is written to.
#define map(n) (const_mapSize*n)(DI)

// func survey(maps *[mapCount][mapSize]byte, src *byte, strips int, p *palette)
//
// Each turn takes 32 bytes and writes 32 bits of each map. A set of characters
// is looked up by halves of a byte: VPSHUFB takes the lower half to the bits of
// the upper halves that are in the set, and gives zero for bytes from 0x80 on.
TEXT ·survey(SB), NOSPLIT, $0-32
	MOVQ maps+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ strips+16(FP), CX
	MOVQ p+24(FP), DX
	SHLQ $1, CX
	VPBROADCASTB   0(DX), Y8   // element separator
	VPBROADCASTB   1(DX), Y9   // terminator
	VPBROADCASTB   2(DX), Y10  // component separator
	VPBROADCASTB   3(DX), Y11  // release character
	VPBROADCASTB   4(DX), Y12  // 0x0f
	VBROADCASTI128 16(DX), Y13 // odd characters
	VBROADCASTI128 32(DX), Y14 // symbols
	VBROADCASTI128 48(DX), Y15 // the bit of an upper half
	VPXOR          Y7, Y7, Y7

turn:
	VMOVDQU   (SI), Y0
	VPCMPEQB  Y0, Y8, Y1
	VPMOVMSKB Y1, AX
	MOVL      AX, map(const_mapElements)
	VPCMPEQB  Y0, Y9, Y2
	VPMOVMSKB Y2, BX
	MOVL      BX, map(const_mapEnds)
	VPCMPEQB  Y0, Y10, Y3
	VPMOVMSKB Y3, R8
	MOVL      R8, map(const_mapComponents)
	VPCMPEQB  Y0, Y11, Y4
	VPMOVMSKB Y4, R9
	MOVL      R9, map(const_mapReleases)

	VPSRLW    $4, Y0, Y1
	VPAND     Y12, Y1, Y1
	VPSHUFB   Y1, Y15, Y1      // the bit of each byte's upper half
	VPSHUFB   Y0, Y14, Y2
	VPAND     Y1, Y2, Y2
	VPCMPEQB  Y7, Y2, Y2
	VPMOVMSKB Y2, AX
	NOTL      AX
	MOVL      AX, map(const_mapSymbols)
	VPSHUFB   Y0, Y13, Y3
	VPAND     Y1, Y3, Y3
	VPCMPEQB  Y7, Y3, Y3
	VPMOVMSKB Y3, BX
	NOTL      BX
	VPMOVMSKB Y0, R8           // bytes from 0x80 on
	ORL       R8, BX
	MOVL      BX, map(const_mapOdd)

	ADDQ $32, SI
	ADDQ $4, DI
	DECQ CX
	JNZ  turn
	VZEROUPPER
	RET

// glance makes of 32 bytes, of those before and of those behind each of them,
// what is not zero where a tag may begin that is searched for: Y9 is a space,
// above all that gaps are made of.
#define glance(before, here, behind, found, x, y) \
	VMOVDQU  before(SI), found; \
	VPCMPEQB found, Y8, x;      \
	VPMINUB  found, Y9, y;      \
	VPCMPEQB found, y, y;       \
	VPOR     x, y, found;       \
	VMOVDQU  here(SI), x;       \
	VPSHUFB  x, Y10, y;         \
	VPCMPEQB x, y, y;           \
	VPAND    y, found, found;   \
	VPSHUFB  x, Y11, x;         \
	VPAND    x, found, found;   \
	VMOVDQU  behind(SI), x;     \
	VPSHUFB  x, Y12, x;         \
	VPAND    x, found, found

// func sight(src *byte, strips int, what *gaze) int
TEXT ·sight(SB), NOSPLIT, $0-32
	MOVQ src+0(FP), SI
	MOVQ strips+8(FP), CX
	MOVQ what+16(FP), DX
	MOVQ SI, DI
	VPBROADCASTB   gaze_terminator(DX), Y8
	VPBROADCASTB   gaze_space(DX), Y9
	VBROADCASTI128 gaze_letters(DX), Y10
	VBROADCASTI128 gaze_firsts(DX), Y11
	VBROADCASTI128 gaze_seconds(DX), Y12
	VPXOR          Y13, Y13, Y13

strip:
	glance(-1, 0, 1, Y0, Y1, Y2)
	glance(31, 32, 33, Y3, Y4, Y5)
	VPOR   Y0, Y3, Y6
	VPTEST Y6, Y6
	JNZ    here
	ADDQ   $64, SI
	DECQ   CX
	JNZ    strip
	SUBQ   DI, SI
	MOVQ   SI, ret+24(FP)
	VZEROUPPER
	RET

here:
	VPCMPEQB  Y13, Y0, Y0
	VPMOVMSKB Y0, AX
	VPCMPEQB  Y13, Y3, Y3
	VPMOVMSKB Y3, BX
	SHLQ      $32, BX
	ORQ       BX, AX
	NOTQ      AX
	TZCNTQ    AX, AX
	SUBQ      DI, SI
	ADDQ      SI, AX
	MOVQ      AX, ret+24(FP)
	VZEROUPPER
	RET

// seen is what a map says of the bytes from DX on, CX being DX modulo eight.
#define seen(n) (const_mapSize*n)(DI)(DX*1)

// another writes down the lowest bit of R8 and takes it away.
#define another(n) \
	TZCNTQ R8, R15; \
	ADDL   R13, R15; \
	MOVL   R15, (4*n)(R11)(BX*4); \
	BLSRQ  R8, R8

// func outline(maps *[mapCount][mapSize]byte, src *byte, last int, gaps *[256]bool, leads *heard, t *trap, spots *[spotCount]spot, ends *[endCount + dash]End) (count uint)
//
// AX is the place in the chart, BX the number of ends that are written down, R10
// the spot at hand, SI the source. A segment is looked at by 56 bits at a time, so
// many as a word has at least from any bit of its first byte on: R13 of its bytes
// were looked at, R14 has the bits of terminators, R15 is the mask of those before
// the first. R9, R12 and odd collect what there is in the segment.
TEXT ·outline(SB), NOSPLIT, $24-72
	MOVQ maps+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ spots+48(FP), R10
	MOVQ ends+56(FP), R11
	LEAQ (const_spotCount*spot__size)(R10), AX
	MOVQ AX, top-8(SP)
	XORL AX, AX
	XORL BX, BX

segment:
	CMPQ R10, top-8(SP)
	JAE  done
	CMPQ BX, $const_endCount
	JAE  done
	MOVQ gaps+24(FP), R9
	MOVQ AX, R8
	MOVW AX, spot_at(R10)

gap:
	CMPQ    AX, last+16(FP)
	JGT     done
	MOVBLZX (SI)(AX*1), DX
	CMPB    (R9)(DX*1), $0
	JEQ     lead
	INCQ    AX
	JMP     gap

lead:
	MOVQ  AX, R13
	SUBQ  R8, R13
	MOVW  R13, spot_gap(R10)
	MOVW  BX, spot_first(R10)
	MOVQ  leads+32(FP), R9
	MOVL  (SI)(AX*1), DX
	IMUL3L $0x9e3779b1, DX, R8
	SHRL  $(32-const_leadBits), R8
	LEAQ  (R8)(R8*2), R8       // an entry has three words
	LEAQ  (R9)(R8*4), R8
	MOVL  told_tag(R8), CX
	MOVL  CX, spot_tag(R10)
	MOVBLZX told_lead(R8), R9
	CMPL  DX, told_first(R8)
	JEQ   known
	MOVL  $const_unknown, R9

known:
	MOVB R9, spot_care(R10)
	XORL R13, R13
	XORL R9, R9
	XORL R12, R12
	MOVQ R13, odd-16(SP)

look:
	LEAQ  (AX)(R13*1), DX
	CMPQ  DX, last+16(FP)
	JGT   done
	MOVL  DX, CX
	ANDL  $7, CX
	SHRQ  $3, DX
	SHRXQ CX, seen(const_mapEnds), R14
	MOVQ  $0x00ffffffffffffff, R15
	TESTQ R14, R14
	JEQ   classes
	BLSIQ R14, R15
	DECQ  R15

classes:
	SHRXQ CX, seen(const_mapOdd), R8
	ANDQ  R15, R8
	ORQ   R8, odd-16(SP)
	SHRXQ CX, seen(const_mapSymbols), R8
	ANDQ  R15, R8
	ORQ   R8, R12
	SHRXQ CX, seen(const_mapComponents), R8
	ANDQ  R15, R8
	ORQ   R8, R9

	CMPQ    R13, $const_farthest
	JAE     far
	SHRXQ   CX, seen(const_mapElements), R8
	ANDQ    R15, R8
	POPCNTQ R8, CX

elements:
	another(0)
	another(1)
	another(2)
	another(3)
	CMPQ CX, $4
	JHI  more
	ADDQ CX, BX

listed:
	TESTQ   R14, R14
	JEQ     further
	TZCNTQ  R14, R14
	ADDQ    R13, R14
	MOVL    R14, (R11)(BX*4)
	INCQ    BX
	MOVW    BX, spot_last(R10)
	MOVWLZX spot_first(R10), R8
	MOVBLZX spot_care(R10), DX
	ADDQ    R14, AX
	CMPQ    R14, $11
	JLE     short
	MOVQ    t+40(FP), R13
	MOVBLZX trap_letter(R13), CX
	CMPB    -8(SI)(AX*1), CX
	JEQ     trap
	MOVQ    BX, CX
	SUBQ    R8, CX
	CMPQ    CX, trap_most(R13)
	JHI     trap

short:
	MOVWLZX spot_at(R10), R8
	MOVQ    AX, CX
	SUBQ    R8, CX
	MOVW    CX, spot_end(R10)
	XORL    CX, CX
	NEGQ    R12                   // carries if it is not zero
	ADCL    CX, CX
	NEGQ    R9
	ADCL    CX, CX
	MOVB    CX, spot_flags(R10)
	CMPQ    odd-16(SP), $0
	JNE     odd

found:
	MOVB DX, spot_care(R10)
	INCQ AX
	ADDQ $spot__size, R10
	JMP  segment

odd:
	ORL $const_careOdd, DX
	JMP found

trap:
	ORL $const_careTrap, DX
	JMP short

far:
	ORB $const_careFar, spot_care(R10)
	JMP listed

more:
	ADDQ $4, BX
	SUBQ $4, CX
	JMP  elements

further:
	ADDQ $const_glimpsed, R13
	JMP  look

done:
	SUBQ spots+48(FP), R10
	SHRQ $4, R10                 // a spot has 16 bytes
	MOVQ R10, count+64(FP)
	RET
