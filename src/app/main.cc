// The program: picks the command and runs it.
#include "app/commands/commands.h"

int main(int argc, char** argv) {
    return hookreel::app::run(argc, argv);
}
