class Base:
    def test_inherited(self):
        pass
