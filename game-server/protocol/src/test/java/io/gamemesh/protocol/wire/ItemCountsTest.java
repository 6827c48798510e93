package io.gamemesh.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ItemCountsTest {

    private static final ItemCounts FULL = ItemCounts.of(7, ItemCounts.MAX_STACKS * ItemCounts.MAX_STACK);

    @Provide
    Arbitrary<ItemCounts> items() {
        return WireMessages.items();
    }

    @Property
    void whatIsGivenCanBeTakenAgain(@ForAll("items") ItemCounts before, @ForAll("items") ItemCounts some) {
        if (!before.hasRoomFor(some)) {
            assertThatIllegalArgumentException().isThrownBy(() -> before.plus(some));
            return;
        }

        ItemCounts after = before.plus(some);

        assertThat(after.total()).isEqualTo(before.total() + some.total());
        assertThat(after.stacks()).isLessThanOrEqualTo(ItemCounts.MAX_STACKS);
        assertThat(after.covers(some)).isTrue();
        assertThat(after.minus(some)).isEqualTo(before).hasSameHashCodeAs(before);
    }

    @Property
    void nobodyTakesWhatIsNotThere(@ForAll("items") ItemCounts before, @ForAll("items") ItemCounts some) {
        boolean[] there = {true};
        some.forEach((item, count) -> there[0] &= before.countOf(item) >= count);

        assertThat(before.covers(some)).isEqualTo(there[0]);
        if (!there[0]) {
            assertThatIllegalArgumentException().isThrownBy(() -> before.minus(some));
        }
    }

    @Property
    void isReadAsPeopleWriteIt(@ForAll("items") ItemCounts items) {
        assertThat(ItemCounts.parse(items.toString())).isEqualTo(items);
    }

    @Property
    void consistsOfItsStacks(@ForAll("items") ItemCounts items) {
        List<Integer> stacks = new ArrayList<>();

        items.forEachStack((item, count) -> stacks.add(count));

        assertThat(stacks).hasSize(items.stacks()).allMatch(count -> count >= 1 && count <= ItemCounts.MAX_STACK);
        assertThat(stacks.stream().mapToInt(Integer::intValue).sum()).isEqualTo(items.total());
    }

    @Test
    void oneMoreThanAStackTakesAnother() {
        assertThat(ItemCounts.of(1, 99).stacks()).isOne();
        assertThat(ItemCounts.of(1, 100).stacks()).isEqualTo(2);
    }

    @Test
    void thereIsRoomOnlyForSoManyStacks() {
        assertThat(FULL.hasRoomFor(ItemCounts.of(8, 1))).isFalse();
        assertThat(FULL.minus(ItemCounts.of(7, 99)).hasRoomFor(ItemCounts.of(8, 99)))
                .isTrue();
    }

    @Test
    void refusesWhatPeopleDoNotWrite() {
        for (String text : List.of("1", "1:0", "1:x", "1:2,1:3", "65536:1", "1:2,,3:4", "1:2:3", "1:3565", "-1:1")) {
            assertThatIllegalArgumentException()
                    .as(text)
                    .isThrownBy(() -> ItemCounts.parse(text))
                    .withMessageContaining("expected");
        }
    }

    @Test
    void refusesItemsOutOfOrderTwiceOrMoreThanFit() {
        assertMalformed("0200020100010100", "item 1 comes after 2, expected ascending items");
        assertMalformed("02000101000101", "item 1 comes after 1, expected ascending items");
        assertMalformed("01000100", "item count is 0, expected 1 to 3564");
        assertMalformed("0200014dec000201", "items take 37 stacks, expected at most 36");
        assertMalformed("25", "items is 37, expected 0 to 36");
    }

    private static void assertMalformed(String hex, String message) {
        WireReader in = new WireReader(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));

        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() -> ItemCounts.read(in))
                .withMessage(message);
    }
}
